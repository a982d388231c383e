// Trees to look at: random ones, and one whose every name wants to be more than a name.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

// Numbers that look random and are the same in each run.
export function random(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WORDS = ["cart", "price", "total", "round", "login", "redirect", "engine", "gear", "queue", "token", "page", "view"];
const pick = (next, all) => all[next(all.length)];
const name = (next) => `${pick(next, WORDS)}_${pick(next, WORDS)}${next(30)}`;

function source(next, names) {
  let text = `"""${pick(next, WORDS)} and ${pick(next, WORDS)}."""\n\n`;
  for (let count = next(9); count > 0; count -= 1) {
    const [own, other] = [name(next), pick(next, names)];
    names.push(own);
    text += next(3) === 0 ? `class ${own}:\n    def ${other}(self, price):\n        return ${other}(price)\n\n\n` : `def ${own}(x):\n    return ${other}(x)\n\n\n`;
  }
  return text;
}

function write(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

export function randomTree(root, seed) {
  rmSync(root, { recursive: true, force: true });
  const next = random(seed);
  const names = ["start"];
  write(root, "README.md", "# Carts\n\nRounds totals.\n");
  for (let count = 10 + next(60); count > 0; count -= 1) {
    const folder = pick(next, ["", "src/", "src/cart/", "tests/", "docs/", "src/login/deep/"]);
    write(root, `${folder}${name(next)}${pick(next, [".py", ".py", ".py", ".js", ".txt"])}`, source(next, names));
  }
}

const TAG = (text) => [...text].map((c) => String.fromCodePoint(0xe0000 + c.codePointAt(0))).join("");
const PAYLOADS = [
  "<img src=x onerror=ran()>",
  "<script>ran()<", // what a slash would end stands in a folder's name
  "\"><svg onload=ran()>",
  "' onmouseover='ran()",
  "javascript:ran()",
  "${ran()}",
  "{{ran()}}",
  "`ran()`",
  "\\u003cimg src=x onerror=ran()>",
  "&lt;img src=x onerror=ran()&gt;",
  "<!--",
  "]]>",
  "__proto__",
  "constructor",
  "\u202eexe.slrig",
  "\u2066left\u2069",
  "\u0007bell\u001b[31mred",
  "line\nbreak\r",
  `seen${TAG("ran()")}`,
  "wide\u3164\u200b\ufeff",
  "</style><body onload=ran()>".replace("/", "\u2215"),
  "%3Cscript%3Eran()%3C",
  "a,b;c|d",
  "  spaces  ",
  "\u0301\u0301\u0301marks",
];

// Two hundred files; their names, and those of what they define.
export function hostileTree(root) {
  rmSync(root, { recursive: true, force: true });
  const files = [];
  for (let at = 0; at < 200; at += 1) {
    const payload = PAYLOADS[at % PAYLOADS.length];
    const folder = at % 4 === 0 ? `${payload}${at}<` : at % 4 === 1 ? `<${at}/script>` : "src";
    files.push(`${folder}/${payload}${at}.py`);
  }
  // As long as paths get: 16 folders of 240 characters.
  files[7] = `${Array.from({ length: 15 }, (_, at) => `${at}<b>`.padEnd(240, "long")).join("/")}/<i>.py`;
  const bait = "# </script><script>ran()</script><img src=x onerror=ran()>\u202e\n";
  files.forEach((path, at) => write(root, path, `${bait}def run_${at}(a="</script><script>ran()</script>", b='\u202e<img src=x onerror=ran()>'):\n    return run_${(at + 1) % 200}\n`));
  write(root, "README.md", bait);
  return files;
}
