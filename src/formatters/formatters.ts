import type { RecordType } from "../symbols/types/type.ts";
import type { Formatter, Formatters } from "../symbols/views/view.ts";
import { managedFormatter, refineSlot } from "./assemblyscript.ts";
import { formatter } from "./layout.ts";
import { libcxxFormatters } from "./libcxx.ts";
import { libraryName } from "./library-name.ts";
import { rustFormatters } from "./rust.ts";

/** Formatters of one library: by the exact name of a template, then by what names look like. */
export interface LibraryFormatters {
  /** By the name up to the first `<`, without inline namespaces. */
  readonly byName: ReadonlyMap<string, Formatter>;
  /** Tried in order on the whole name. */
  readonly byPattern: readonly (readonly [RegExp, Formatter])[];
}

/** Every library type this knows to show: libc++ 14 to 22, Rust's standard library 1.63 to 1.96. */
export const formatters: Formatters = {
  refineSlot,
  formatterOf(type: RecordType): Formatter | undefined {
    const managed = managedFormatter(type);
    if (managed) return formatter(managed);
    if (type.name === undefined) return undefined;
    const library = type.isRust ? rustFormatters : libcxxFormatters;
    const name = libraryName(type.name);
    const found =
      library.byName.get(name.replace(/<.*$/s, "")) ??
      library.byPattern.find(([pattern]) => pattern.test(name))?.[1];
    return found && formatter(found);
  },
};
