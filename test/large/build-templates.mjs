// Builds a module with more than 80 megabytes of DWARF into build/large/templates.wasm:
// `node test/large/build-templates.mjs`. With `split` it makes build/large/templates-split.wasm, whose DWARF is in a package
// beside it, templates-split.wasm.dwp.
//
// Its sources are generated: many units of C++, each of which uses the library's containers with types of its own. `run` in
// main.cpp calls one function of each. Wants clang 22 with libc++ for Wasm. Does nothing when the module there already is
// was made by the same recipe. Prints the module's path.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "../../build/large");
const isSplit = process.argv[2] === "split";
const name = isSplit ? "templates-split" : "templates";
// DWARF names the sources, which are the same.
const work = join(output, "templates");
const objects = join(output, name);
const module = join(output, `${name}.wasm`);
const recordPath = join(output, `${name}.json`);

const units = 19;
const typesPerUnit = 14;
const target = ["--target=wasm32-wasi", "-Wno-deprecated"];
const compileFlags = [
  ...["-std=c++20", "-fno-exceptions", "-gdwarf-5", "-O0", "-w", "-c"],
  ...["-fdebug-compilation-dir=/build/templates", ...(isSplit ? ["-gsplit-dwarf"] : [])],
];
const linkFlags = ["--no-wasm-opt", "-Wl,-z,stack-size=1048576"];

/** One unit: records of its own in every container, so that nothing of it is another unit's. */
function unitSource(unit) {
  const types = Array.from({ length: typesPerUnit }, (_, type) => {
    const name = `unit${unit}::record${type}`;
    return `
namespace unit${unit} {
struct record${type} {
    int key;
    double weight;
    std::string name;
    bool operator<(const record${type} &other) const { return key < other.key; }
};

int work${type}(int seed)
{
    std::vector<record${type}> list;
    std::map<int, record${type}> byKey;
    std::unordered_map<std::string, record${type}> byName;
    std::deque<record${type}> queue;
    for (int i = 0; i < 3; i++) {
        record${type} one = {seed + i, i * 0.5, "name"};
        list.push_back(one);
        byKey[one.key] = one;
        byName[one.name] = one;
        queue.push_back(one);
    }
    std::sort(list.begin(), list.end());
    std::function<int(const record${type} &)> measure = [seed](const record${type} &of) { return of.key + seed; };
    std::optional<record${type}> best;
    std::shared_ptr<record${type}> shared = std::make_shared<record${type}>(list[0]);
    int sum = measure(*shared) + (int)byName.size() + (int)queue.size();
    for (const auto &[key, value] : byKey)
        if (!best || best->weight < value.weight)
            best = value;
    return sum + best->key; /* @stop:work */
}
}
static_assert(sizeof(${name}) > 0);
`;
  });
  const sum = Array.from({ length: typesPerUnit }, (_, type) => `unit${unit}::work${type}(seed)`).join(" + ");
  const headers = [
    ...["algorithm", "deque", "functional", "map", "memory", "optional", "string", "unordered_map", "vector"],
  ];
  return `${headers.map((header) => `#include <${header}>`).join("\n")}
${types.join("")}
int unit${unit}_all(int seed)
{
    return ${sum};
}
`;
}

const mainSource = () => {
  const all = Array.from({ length: units }, (_, unit) => unit);
  return `#include <cstdio>
${all.map((unit) => `int unit${unit}_all(int);`).join("\n")}
int main()
{
    int total = 0;
${all.map((unit) => `    total += unit${unit}_all(${unit});`).join("\n")}
    std::printf("%d\\n", total);
    return 0;
}
`;
};

async function compile(name, source) {
  writeFileSync(join(work, `${name}.cpp`), source);
  const args = [...target, ...compileFlags, `${name}.cpp`, "-o", join(objects, `${name}.o`)];
  await new Promise((resolve, reject) => {
    const child = spawn("clang++-22", args, { cwd: work, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`clang++-22 failed on ${name}.cpp`)),
    );
  });
}

async function compileAll(sources) {
  const left = Object.entries(sources);
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) await compile(...next);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

const recipe = createHash("sha256")
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest("hex");
const isBuilt =
  existsSync(module) && existsSync(recordPath) && JSON.parse(readFileSync(recordPath)).recipe === recipe;
if (!isBuilt) {
  mkdirSync(work, { recursive: true });
  mkdirSync(objects, { recursive: true });
  const sources = { main: mainSource() };
  for (let unit = 0; unit < units; unit++) sources[`unit${unit}`] = unitSource(unit);
  await compileAll(sources);
  const files = (ending) => Object.keys(sources).map((source) => `${source}.${ending}`);
  const run = (tool, args) => execFileSync(tool, args, { cwd: objects, stdio: ["ignore", 2, 2] });
  run("clang++-22", [...target, ...linkFlags, ...files("o"), "-o", module]);
  if (isSplit) run("llvm-dwp-22", [...files("dwo"), "-o", `${module}.dwp`]);
  writeFileSync(recordPath, `${JSON.stringify({ recipe }, undefined, 2)}\n`);
}
process.stdout.write(`${module}\n`);
