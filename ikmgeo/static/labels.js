/* Where names stand beside the signs that they name. The same, step by step, as
   ikmgeo/display/labels.py, which says why; tests/test_labels.py runs both over the same maps.
   A box is [left, top, right, bottom], a sign [x, y, radius], a line [x, y, x, y]. */
(function () {
  "use strict";
  const AROUND = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.5, -1], [0.5, 1], [-0.5, -1], [-0.5, 1]];
  const WAYS = [[1, 0], [-1, 0], [0.924, -0.383], [-0.924, -0.383], [0.924, 0.383], [-0.924, 0.383],
    [0.707, -0.707], [-0.707, -0.707], [0.707, 0.707], [-0.707, 0.707], [0.383, -0.924],
    [-0.383, -0.924], [0.383, 0.924], [-0.383, 0.924], [0, -1], [0, 1]];
  const STEP = 0.4, STEPS = 12, SHIFT = 4, AIR = 0.15, OWN = 1.5, MOST = 60, CROWD = 300;

  class Room {
    constructor(frame, signs, cell) {
      this.frame = frame;
      this.signs = signs;
      this.cell = cell;
      this.boxes = [];
      this.cells = new Map();
      this.lines = [];
      signs.forEach(([x, y, r]) => this.keep([x - r, y - r, x + r, y + r]));
    }

    keep(box) {
      this.over(box, (cell) => {
        const there = this.cells.get(cell);
        if (there) there.push(this.boxes.length); else this.cells.set(cell, [this.boxes.length]);
      });
      this.boxes.push(box);
    }

    free(box, air = 0, but = -1, over = -1) {
      const [left, top, right, bottom] = box, frame = this.frame;
      if (left < frame[0] || top < frame[1] || right > frame[2] || bottom > frame[3]) return false;
      const wide = [left - air, top - air, right + air, bottom + air];
      if (this.near(wide, (n) => n !== over && meet(this.boxes[n], n === but ? box : wide))) return false;
      return !this.lines.some((line) => crosses(line, box));
    }

    holds(at) {
      const [x, y] = this.signs[at], [left, top, right, bottom] = this.frame;
      return left <= x && x <= right && top <= y && y <= bottom;
    }

    first(boxes, over = -1) {
      const at = boxes.findIndex((box) => this.free(box, 0, -1, over));
      if (at >= 0) this.keep(boxes[at]);
      return at;
    }

    name(at, shapes, must = false) {
      if (!this.holds(at)) return null;
      let place = this.beside(at, shapes) || this.away(at, shapes);
      if (must && !place) place = this.anywhere(at, shapes);
      if (place) this.keep(place.box);
      if (place && place.line) this.lines.push(place.line);
      return place;
    }

    beside(at, shapes) {
      const [x, y, r] = this.signs[at];
      for (const spare of [AIR, 0]) {
        for (const [shape, [wide, high]] of shapes.entries()) {
          for (const [across, down] of AROUND) {
            const left = x + across * r - (across > 0 ? 0 : across < 0 ? wide : wide / 2);
            const top = y + down * r - (down > 0 ? 0 : down < 0 ? high : high / 2);
            const box = [left, top, left + wide, top + high];
            if (!this.free(box, spare * this.cell, at)) continue;
            if (this.own(at, x + across * r, y + down * r)) return { box: box, shape: shape, line: null };
          }
        }
      }
      return null;
    }

    own(at, x, y) {
      const [own_x, own_y, r] = this.signs[at], reach = 2 * r;
      const most = OWN * OWN * ((own_x - x) * (own_x - x) + (own_y - y) * (own_y - y));
      return !this.near([x - reach, y - reach, x + reach, y + reach], (n) => {
        if (n >= this.signs.length || n === at) return false;
        const other = this.signs[n];
        return (other[0] - x) * (other[0] - x) + (other[1] - y) * (other[1] - y) < most;
      });
    }

    away(at, shapes) {
      const own = this.boxes[at], covered = this.near(own, (n) => n !== at && meet(this.boxes[n], own));
      for (const over of covered ? [false, true] : [false]) {
        for (let step = 1; step <= STEPS; step++) {
          const place = this.ended(at, shapes, this.signs[at][2] + step * STEP * this.cell, over);
          if (place) return place;
        }
      }
      return null;
    }

    /* At the end of a line of some length. */
    ended(at, shapes, long, over) {
      const [x, y] = this.signs[at];
      for (const [across, down] of WAYS) {
        for (const [shape, [wide, high]] of shapes.entries()) {
          const to_x = x + across * long, to_y = y + down * long;
          const aside = across > 0.5 || across < -0.5;
          const left = aside ? to_x - (across > 0 ? 0 : wide) : to_x - wide / 2;
          const top = aside ? to_y - high / 2 : to_y - (down > 0 ? 0 : high);
          const box = [left, top, left + wide, top + high], line = [x, y, to_x, to_y];
          if (this.free(box) && this.clear(at, line, over)) return { box: box, shape: shape, line: line };
        }
      }
      return null;
    }

    anywhere(at, shapes) {
      const [x, y] = this.signs[at], [left, top, right, bottom] = this.frame, found = [];
      shapes.forEach(([wide, high], shape) => {
        const columns = Math.floor((right - left - wide) / wide * SHIFT);
        const rows = Math.floor((bottom - top - high) / high * SHIFT);
        for (let column = 0; column <= columns; column++) {
          for (let row = 0; row <= rows; row++) {
            const x0 = left + column * wide / SHIFT, y0 = top + row * high / SHIFT;
            const box = [x0, y0, x0 + wide, y0 + high];
            if (!this.free(box)) continue;
            const to_x = Math.min(Math.max(x, x0), box[2]), to_y = Math.min(Math.max(y, y0), box[3]);
            const far = (to_x - x) * (to_x - x) + (to_y - y) * (to_y - y);
            found.push({ far: far, box: box, shape: shape, line: [x, y, to_x, to_y] });
          }
        }
      });
      found.sort((a, b) => a.far - b.far);
      for (const through of [false, true]) {
        const place = found.find((one) => this.clear(at, one.line, true, through));
        if (place) return place;
      }
      return found[0] || null;
    }

    clear(at, line, over = false, through = false) {
      const own = this.boxes[at], sign = (n) => n < this.signs.length;
      const passed = (n) => n === at || (sign(n) && (through || (over && meet(this.boxes[n], own))));
      const around = [Math.min(line[0], line[2]), Math.min(line[1], line[3]), Math.max(line[0], line[2]), Math.max(line[1], line[3])];
      const stopped = (n) => !passed(n) && crosses(line, sign(n) ? this.core(n) : this.boxes[n]);
      return !this.near(around, stopped) && !this.lines.some((other) => cross(line, other));
    }

    core(at) {
      const [x, y, r] = this.signs[at];
      return [x - r / 2, y - r / 2, x + r / 2, y + r / 2];
    }

    /* Call with each cell that a box lies in, until an answer is true. */
    over(box, call) {
      const [left, top, right, bottom] = box.map((side) => Math.floor(side / this.cell));
      for (let column = left; column <= right; column++) {
        for (let row = top; row <= bottom; row++) if (call(column + " " + row)) return true;
      }
      return false;
    }

    /* Whether any box near a box is one of those that are asked for. */
    near(box, asked) {
      return this.over(box, (cell) => (this.cells.get(cell) || []).some(asked));
    }
  }

  function meet(one, other) {
    return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  }

  function crosses(line, box) {
    const [x, y, to_x, to_y] = line, [left, top, right, bottom] = box;
    if (Math.max(x, to_x) <= left || Math.min(x, to_x) >= right) return false;
    if (Math.max(y, to_y) <= top || Math.min(y, to_y) >= bottom) return false;
    const sides = [side(line, left, top), side(line, left, bottom), side(line, right, top), side(line, right, bottom)];
    return Math.min(...sides) < 0 && Math.max(...sides) > 0;
  }

  function cross(one, other) {
    return side(one, other[0], other[1]) * side(one, other[2], other[3]) < 0
      && side(other, one[0], one[1]) * side(other, one[2], one[3]) < 0;
  }

  function side(line, x, y) {
    return (line[3] - line[1]) * (x - line[0]) - (line[2] - line[0]) * (y - line[1]);
  }

  window.ikmLabels = { Room: Room, MOST: MOST, CROWD: CROWD };
})();
