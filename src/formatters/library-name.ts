/** A name without the inline namespace that stands for a version of libc++'s layout: `std::__2::list` is `std::list`. */
export function libraryName(name: string): string {
  return name.replace(/^std::__[a-z0-9]+::/i, "std::");
}
