import type { Formatter, Formatters } from "../symbols/symbol-frame.ts";
import type { RecordType } from "../symbols/types/type.ts";
import { managedFormatter, refineSlot } from "./assemblyscript.ts";
import { dFormatters } from "./d.ts";
import { formatter } from "./layout.ts";
import { libcxxFormatters } from "./libcxx.ts";
import type { LibraryFormatters } from "./library-formatters.ts";
import { libraryName } from "./library-name.ts";
import { rustFormatters } from "./rust.ts";
import { zigFormatters } from "./zig.ts";

const libraries: Readonly<Record<NonNullable<RecordType["language"]>, LibraryFormatters>> = {
  ...{ c: libcxxFormatters, "c++": libcxxFormatters },
  ...{ rust: rustFormatters, d: dFormatters, zig: zigFormatters },
};

/** Every type this knows to show other than by its fields: libc++ 14 to 22, Rust's standard library 1.63 to 1.96, what D and Zig have built in. */
export const formatters: Formatters = {
  refineSlot,
  formatterOf(type: RecordType): Formatter | undefined {
    const managed = managedFormatter(type);
    if (managed) return formatter(managed);
    if (type.name === undefined) return undefined;
    const library = libraries[type.language ?? "c++"];
    const name = libraryName(type.name);
    const found =
      library.byName.get(name.replace(/<.*$/s, "")) ??
      library.byPattern.find(([pattern]) => pattern.test(name))?.[1];
    return found && formatter(found);
  },
};
