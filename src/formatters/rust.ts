import type { LibraryFormatters } from "./formatters.ts";
import { traitObject } from "./rust-dyn.ts";
import { atomicBool, transparent } from "./rust-layout.ts";
import { hashMap, hashSet, treeMap, treeSet } from "./rust-maps.ts";
import { duration, range } from "./rust-misc.ts";
import {
  counted,
  guard,
  maybeUninit,
  mutex,
  nonNull,
  onceCell,
  onceLock,
  refCell,
  rwLock,
} from "./rust-owners.ts";
import { deque, heap, linkedList, slice, vec } from "./rust-sequence.ts";
import { cString, ownedText, text } from "./rust-text.ts";

/** Rust's standard library, from 1.63 to 1.96: members are found by the names of any of them. */
export const rustFormatters: LibraryFormatters = {
  byName: new Map([
    ["alloc::string::String", ownedText],
    ["std::ffi::os_str::OsString", ownedText],
    ["std::path::PathBuf", ownedText],
    ["alloc::ffi::c_str::CString", cString],
    ["alloc::vec::Vec", vec],
    ["alloc::collections::vec_deque::VecDeque", deque],
    ["alloc::collections::binary_heap::BinaryHeap", heap],
    ["alloc::collections::linked_list::LinkedList", linkedList],
    ["std::collections::hash::map::HashMap", hashMap],
    ["std::collections::hash::set::HashSet", hashSet],
    ["hashbrown::map::HashMap", hashMap],
    ["hashbrown::set::HashSet", hashSet],
    ["alloc::collections::btree::map::BTreeMap", treeMap],
    ["alloc::collections::btree::set::BTreeSet", treeSet],
    ["alloc::rc::Rc", counted],
    ["alloc::rc::Weak", counted],
    ["alloc::sync::Arc", counted],
    ["alloc::sync::Weak", counted],
    ["core::cell::RefCell", refCell],
    ["core::cell::Ref", guard],
    ["core::cell::RefMut", guard],
    ["core::cell::once::OnceCell", onceCell],
    ["std::sync::once_lock::OnceLock", onceLock],
    ["core::cell::Cell", transparent],
    ["core::cell::UnsafeCell", transparent],
    ["core::cell::SyncUnsafeCell", transparent],
    ["core::mem::manually_drop::ManuallyDrop", transparent],
    ["core::mem::maybe_dangling::MaybeDangling", transparent],
    ["core::mem::maybe_uninit::MaybeUninit", maybeUninit],
    ["core::pin::Pin", transparent],
    ["core::ptr::non_null::NonNull", nonNull],
    ["core::ptr::unique::Unique", nonNull],
    ["core::num::wrapping::Wrapping", transparent],
    ["core::num::saturating::Saturating", transparent],
    ["core::time::Duration", duration],
  ]),
  byPattern: [
    [
      /^(?:&(?:mut )?|\*(?:const|mut) |alloc::boxed::Box<)(?:str|std::path::Path|std::ffi::os_str::OsStr|core::ffi::c_str::CStr)(?:$|[,>])/,
      text,
    ],
    [/^(?:&(?:mut )?|\*(?:const|mut) |alloc::boxed::Box<)\[/, slice],
    [/^(?:&(?:mut )?|\*(?:const|mut) |alloc::boxed::Box<)\(?dyn /, traitObject],
    [/^core::num::nonzero::NonZero/, transparent],
    [/^core::num::niche_types::/, transparent],
    [/^core::sync::atomic::Atomic(?:Bool$|<bool>)/, atomicBool],
    [/^core::sync::atomic::(?:Atomic|private::Align)/, transparent],
    [/^std::sync::(?:poison::)?mutex::Mutex</, mutex],
    [/^std::sync::(?:poison::)?rwlock::RwLock</, rwLock],
    [/^std::sync::(?:poison::)?(?:mutex|rwlock)::\w*Guard</, guard],
    [/^core::ops::range::Range/, range],
  ],
};
