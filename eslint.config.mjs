// The scripts of ikmgeo/static, as browsers run them: no build, no package.
import js from "@eslint/js";
import globals from "globals";

const files = ["ikmgeo/static/*.js"];

export default [
  { files, ...js.configs.recommended },
  {
    files,
    languageOptions: {
      sourceType: "script",
      // Leaflet, what map.js offers, and two names that portable.js has for itself.
      globals: { ...globals.browser, L: "readonly", ikmgeo: "readonly", close: "off", focus: "off" },
    },
  },
  { files: ["ikmgeo/static/shell_*.js"], languageOptions: { sourceType: "module" } },
];
