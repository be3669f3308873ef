import { callOf, type HostParts } from "./calls.ts";
import { Errno, WasiError } from "./errno.ts";
import {
  eventSize,
  type PollEvent,
  readSubscription,
  type Subscription,
  type SubscriptionLayout,
  writeEvent,
} from "./poll-layout.ts";
import { Right, requireInput, requireOutput, requireRight, type Stream } from "./streams.ts";

const Clock = { realtime: 0, monotonic: 1, threadCpuTime: 3 } as const;

/**
 * `poll_oneoff`: waits until at least one subscription has an event, in `console.wait`, so that the guest can be
 * paused in it.
 *
 * Timers run on while the guest is paused, as they do for a native process. Descriptors of node:wasi are always
 * ready: node:wasi cannot wait for them either.
 */
export function pollCall(
  { memory, streams, console, node }: HostParts,
  layout: SubscriptionLayout,
): (subscriptions: number, events: number, count: number, countAddress: number) => number {
  const nodeFdstat = callOf(node, "fd_fdstat_get");
  const nodeSeek = callOf(node, "fd_seek");

  /** The event of a subscription, when there is one now. `scratch`: guest memory for an event, free to be written. */
  function eventOf(subscription: Wanted, scratch: number): PollEvent | undefined {
    const { kind, userdata } = subscription;
    if (kind === "clock") {
      if (remainingNs(subscription) > 0n) return undefined;
      return { userdata, kind, errno: Errno.success };
    }
    if (kind === "refused") return { userdata, kind: "clock", errno: subscription.errno };
    try {
      const stream = streams.get(subscription.fd);
      const found = stream ? streamEvent(stream, kind) : fileEvent(subscription.fd, kind, scratch);
      return found && { userdata, kind, errno: Errno.success, ...found };
    } catch (error) {
      if (error instanceof WasiError) return { userdata, kind, errno: error.errno };
      throw error;
    }
  }

  function streamEvent(stream: Stream, kind: "read" | "write"): Readiness | undefined {
    requireRight(stream, Right.pollFdReadwrite);
    if (kind === "write") {
      requireOutput(stream);
      return { bytes: 1n };
    }
    requireInput(stream);
    const state = console.stdinState();
    if (state === "open") return undefined;
    return state === "closed" ? { hangup: true } : { bytes: 1n };
  }

  function fileEvent(fd: number, kind: "read" | "write", scratch: number): Readiness {
    const errno = nodeFdstat(fd, scratch);
    if (errno !== Errno.success) throw new WasiError(errno);
    const isRegularFile = memory.uint8(scratch) === 4;
    return { bytes: kind === "read" && isRegularFile ? bytesLeft(fd, scratch) : 1n };
  }

  /** From a file's offset to its end; the offset is put back. 1 where the guest may not seek. */
  function bytesLeft(fd: number, scratch: number): bigint {
    const seek = (offset: bigint, whence: 0 | 1 | 2): bigint | undefined =>
      nodeSeek(fd, offset, whence, scratch) === Errno.success ? memory.uint64(scratch) : undefined;
    const offset = seek(0n, 1);
    if (offset === undefined) return 1n;
    const end = seek(0n, 2) ?? offset;
    seek(offset, 0);
    return end > offset ? end - offset : 0n;
  }

  const stdinChanged = (): boolean => console.stdinState() !== "open";
  const never = (): boolean => false;

  return (subscriptions, events, count, countAddress) => {
    if (count === 0) return Errno.inval;
    memory.bytes(subscriptions, count * layout.size);
    memory.bytes(events, count * eventSize);
    memory.bytes(countAddress, 4);
    const wanted: Wanted[] = [];
    for (let i = 0; i < count; i++) {
      wanted.push(wantedOf(readSubscription(memory, subscriptions + i * layout.size, layout)));
    }
    const waitsForStdin = wanted.some(({ kind }) => kind === "read");
    for (;;) {
      const found = wanted.map((one) => eventOf(one, events)).filter((event) => event !== undefined);
      if (found.length === 0) {
        console.wait(timeoutMs(wanted), waitsForStdin ? stdinChanged : never);
        continue;
      }
      for (const [i, event] of found.entries()) writeEvent(memory, events + i * eventSize, event);
      memory.setUint32(countAddress, found.length);
      return Errno.success;
    }
  };
}

type Readiness = Pick<PollEvent, "bytes" | "hangup">;

/** A subscription as it is waited for: timers are absolute. */
type Wanted =
  | Exclude<Subscription, { readonly kind: "clock" | "invalid" }>
  | { readonly userdata: bigint; readonly kind: "clock"; readonly clock: number; readonly at: bigint }
  | { readonly userdata: bigint; readonly kind: "refused"; readonly errno: number };

/** Throws errno `inval` for a subscription that nobody could name the kind of in an event. */
function wantedOf(subscription: Subscription): Wanted {
  if (subscription.kind === "invalid") throw new WasiError(Errno.inval);
  if (subscription.kind !== "clock") return subscription;
  const { userdata, kind, clock, timeout, absolute } = subscription;
  if (clock > Clock.monotonic) {
    const errno = clock > Clock.threadCpuTime ? Errno.inval : Errno.notsup;
    return { userdata, kind: "refused", errno };
  }
  if (absolute) return { userdata, kind, clock, at: timeout };
  // A span stays what it is when somebody sets the wall clock.
  return { userdata, kind, clock: Clock.monotonic, at: process.hrtime.bigint() + timeout };
}

const remainingNs = ({ clock, at }: { readonly clock: number; readonly at: bigint }): bigint =>
  at - (clock === Clock.realtime ? BigInt(Date.now()) * 1_000_000n : process.hrtime.bigint());

/** Milliseconds until the first timer, not whole; `undefined` without any. */
function timeoutMs(wanted: readonly Wanted[]): number | undefined {
  let first: bigint | undefined;
  for (const one of wanted) {
    if (one.kind !== "clock") continue;
    const remaining = remainingNs(one);
    if (first === undefined || remaining < first) first = remaining;
  }
  return first === undefined ? undefined : Math.max(0, Number(first) / 1e6);
}
