import { type FunctionMatcher, functionMatcher } from "./function-matching.ts";

/** Which code is not the user's own: steps do not stop in it, and its frames are shown in the background. */
export interface StepFilters {
  hidesSource(path: string): boolean;
  hidesFunction(name: string): boolean;
}

/** Hides nothing. */
export const noFilters: StepFilters = { hidesSource: () => false, hidesFunction: () => false };

/**
 * Libraries and runtimes, wherever they were built. By their sources as far as they have any: programs have namespaces
 * called `core` too.
 */
export const libraryFilters: readonly string[] = [
  // C
  "**/libc-top-half/**",
  "**/libc-bottom-half/**",
  "**/wasi-libc*/**",
  "**/musl/src/**",
  "**/dlmalloc/**",
  "**/compiler-rt/**",
  // C++
  "**/c++/v1/**",
  "**/libcxx/**",
  "**/libcxxabi/**",
  "**/libunwind/**",
  "**/include/c++/**",
  // Emscripten
  "**/emscripten/system/lib/**",
  "**/emsdk/**/system/lib/**",
  // Rust
  "/rustc/**",
  "**/rustlib/src/rust/library/**",
  "**/rustc-*/library/**",
  // AssemblyScript
  "~lib/**",
  // What has no source of its own
  "_start",
  "__wasm_call_ctors",
  "__cxa_*",
  "_Unwind_*",
  "__rust_*",
];

/** Reads filters; the first sentence about one that cannot be read. */
export function readStepFilters(
  filters: readonly string[],
): { readonly filters: StepFilters } | { readonly problem: string } {
  const sources: RegExp[] = [];
  const functions: FunctionMatcher[] = [];
  for (const filter of filters) {
    if (isOfSources(filter)) sources.push(toPathPattern(filter));
    else {
      const read = functionMatcher(filter);
      if ("problem" in read) return { problem: `\`stepFilters\`: ${read.problem}` };
      functions.push(read.matches);
    }
  }
  const paths = new Map<string, boolean>();
  const names = new Map<string, boolean>();
  return {
    filters: {
      hidesSource: remembered(paths, (path) => {
        const slashed = path.replaceAll("\\", "/");
        return sources.some((pattern) => pattern.test(slashed));
      }),
      hidesFunction: remembered(names, (name) => functions.some((matches) => matches(name))),
    },
  };
}

function remembered(known: Map<string, boolean>, ask: (text: string) => boolean): (text: string) => boolean {
  return (text) => {
    let answer = known.get(text);
    if (answer === undefined) {
      answer = ask(text);
      known.set(text, answer);
    }
    return answer;
  };
}

/** A filter with folders in it, or that ends as files of sources do, is of sources; between slashes it is of functions. */
const isOfSources = (filter: string): boolean =>
  !/^\s*\/.*\/i?\s*$/s.test(filter) &&
  (/[\\/]/.test(filter) || /\.(?:[ch]|cc|cpp|cxx|hpp|hh|rs|ts)$/i.test(filter));

/** `*` is within a folder, `**` any number of folders; a filter that does not begin at the root may begin in any folder. */
function toPathPattern(glob: string): RegExp {
  const slashed = glob.trim().replaceAll("\\", "/");
  const begin = /^(?:\/|[A-Za-z]:\/|\*\*\/|~lib\/)/.test(slashed) ? "^" : "(?:^|/)";
  const pattern = slashed.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : `\\${part}`;
  });
  return new RegExp(`${begin}${pattern}$`, /^[A-Za-z]:/.test(slashed) ? "i" : "");
}
