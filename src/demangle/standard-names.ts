/**
 * A name of C++ as its users write it: libc++'s namespaces of its versions left out, and its strings called by their own
 * names. For reading only: other names of the same function are compared in full.
 */
export const withShortStandardNames = (name: string): string =>
  name.includes("std::")
    ? name.replace(versionedNamespace, "std::").replace(characters, "std::$1").replace(views, "std::$1")
    : name;

const versionedNamespace = /\bstd::__[12]::/g;
const characters = /\bstd::basic_(string)<char, std::char_traits<char>, std::allocator<char> ?>/g;
const views = /\bstd::basic_(string_view|ostream|istream|stringstream)<char, std::char_traits<char> ?>/g;
