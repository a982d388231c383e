// The script of the page, whole: its parts share one scope.
import js from "@eslint/js";

const browser = ["document", "window", "addEventListener", "navigator"];
const doors = ["innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln", "setHTMLUnsafe", "srcdoc"];

export default [
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "script",
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implicit-globals": "off",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...doors.map((property) => ({ property, message: "Names are data." }))],
      "no-var": "error",
      "prefer-const": "error",
      "max-len": ["off"],
    },
  },
];
