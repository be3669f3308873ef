import type { LibraryFormatters } from "./formatters.ts";
import { unorderedMap, unorderedSet } from "./libcxx-hash.ts";
import {
  forwardListIterator,
  listIterator,
  mapIterator,
  nodeIterator,
  pointerIterator,
  reverseIterator,
} from "./libcxx-iterators.ts";
import { bitset, complex, functionObject } from "./libcxx-misc.ts";
import { referenceWrapper, sharedPointer, uniquePointer } from "./libcxx-pointers.ts";
import { adaptor, array, bitReference, deque, forwardList, list, span, vector } from "./libcxx-sequence.ts";
import { path, string, stringViewOf } from "./libcxx-string.ts";
import { duration, timePoint, yearMonthDay } from "./libcxx-time.ts";
import { atomic, expected, optional, pair, tuple, variant } from "./libcxx-together.ts";
import { map, set } from "./libcxx-tree.ts";

/** libc++, from 14 to 22: members are found by the names of any of them. */
export const libcxxFormatters: LibraryFormatters = {
  byName: new Map([
    ["std::basic_string", string],
    ["std::basic_string_view", stringViewOf],
    ["std::vector", vector],
    ["std::valarray", vector],
    ["std::array", array],
    ["std::span", span],
    ["std::initializer_list", span],
    ["std::list", list],
    ["std::forward_list", forwardList],
    ["std::deque", deque],
    ["std::queue", adaptor],
    ["std::stack", adaptor],
    ["std::priority_queue", adaptor],
    ["std::map", map],
    ["std::multimap", map],
    ["std::set", set],
    ["std::multiset", set],
    ["std::unordered_map", unorderedMap],
    ["std::unordered_multimap", unorderedMap],
    ["std::unordered_set", unorderedSet],
    ["std::unordered_multiset", unorderedSet],
    ["std::pair", pair],
    ["std::tuple", tuple],
    ["std::optional", optional],
    ["std::variant", variant],
    ["std::expected", expected],
    ["std::atomic", atomic],
    ["std::atomic_flag", atomic],
    ["std::unique_ptr", uniquePointer],
    ["std::shared_ptr", sharedPointer],
    ["std::weak_ptr", sharedPointer],
    ["std::reference_wrapper", referenceWrapper],
    ["std::function", functionObject],
    ["std::bitset", bitset],
    ["std::complex", complex],
    ["std::chrono::duration", duration],
    ["std::chrono::time_point", timePoint],
    ["std::chrono::year_month_day", yearMonthDay],
    ["std::filesystem::path", path],
    ["std::__fs::filesystem::path", path],
    ["std::__bit_reference", bitReference],
    ["std::__bit_const_reference", bitReference],
    ["std::__wrap_iter", pointerIterator],
    ["std::__bounded_iter", pointerIterator],
    ["std::__deque_iterator", pointerIterator],
    ["std::__list_iterator", listIterator],
    ["std::__list_const_iterator", listIterator],
    ["std::__forward_list_iterator", forwardListIterator],
    ["std::__forward_list_const_iterator", forwardListIterator],
    ["std::__tree_iterator", nodeIterator],
    ["std::__tree_const_iterator", nodeIterator],
    ["std::__hash_iterator", nodeIterator],
    ["std::__hash_const_iterator", nodeIterator],
    ["std::__map_iterator", mapIterator],
    ["std::__map_const_iterator", mapIterator],
    ["std::__hash_map_iterator", mapIterator],
    ["std::__hash_map_const_iterator", mapIterator],
    ["std::reverse_iterator", reverseIterator],
  ]),
  byPattern: [],
};
