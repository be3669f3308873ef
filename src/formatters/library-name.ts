/** A name without the inline namespace that stands for a version of libc++'s layout: `std::__2::list` is `std::list`. */
export function libraryName(name: string): string {
  return name.replace(/^std::__[a-z0-9]+::/i, "std::");
}

/** The name of the library's template that a type's name is made of, without what it is made with. */
export function templateName(name: string): string {
  return libraryName(name).replace(/<.*$/s, "");
}
