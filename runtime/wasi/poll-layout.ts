import type { GuestMemory } from "./guest-memory.ts";

/** What a guest wants to be woken for. */
export type Subscription = { readonly userdata: bigint } & (
  | {
      readonly kind: "clock";
      readonly clock: number;
      /** Nanoseconds, since `clock`'s beginning if `absolute`, from now on otherwise. */
      readonly timeout: bigint;
      readonly absolute: boolean;
    }
  | { readonly kind: "read" | "write"; readonly fd: number }
  | { readonly kind: "invalid" }
);

/** What happened to a subscription. */
export interface PollEvent {
  readonly userdata: bigint;
  readonly kind: "clock" | "read" | "write";
  /** `success`, or why this subscription alone could not be served. */
  readonly errno: number;
  /** Bytes to be had at least, for "read" and "write". */
  readonly bytes?: bigint;
  /** No more bytes will ever come. */
  readonly hangup?: boolean;
}

/** Where the fields of a subscription lie, in bytes from its start. Tag and descriptor are at 8 and 16 in both. */
export interface SubscriptionLayout {
  readonly size: number;
  readonly clock: number;
  readonly timeout: number;
  readonly flags: number;
}

/** Source: WASI preview 1, `subscription`. */
export const previewOneLayout: SubscriptionLayout = { size: 48, clock: 16, timeout: 24, flags: 40 };
/** Source: WASI preview 0, `subscription`: its clocks begin with an identifier. */
export const unstableLayout: SubscriptionLayout = { size: 56, clock: 24, timeout: 32, flags: 48 };

/** Bytes of an event, in both. */
export const eventSize = 32;

const kinds = ["clock", "read", "write"] as const;
const absoluteFlag = 1;
const hangupFlag = 1;

/** Throws errno `fault` outside of memory. */
export function readSubscription(
  memory: GuestMemory,
  address: number,
  layout: SubscriptionLayout,
): Subscription {
  const userdata = memory.uint64(address);
  const kind = kinds[memory.uint8(address + 8)];
  if (kind === undefined) return { userdata, kind: "invalid" };
  if (kind !== "clock") return { userdata, kind, fd: memory.uint32(address + 16) };
  return {
    userdata,
    kind,
    clock: memory.uint32(address + layout.clock),
    timeout: memory.uint64(address + layout.timeout),
    absolute: (memory.uint16(address + layout.flags) & absoluteFlag) !== 0,
  };
}

/** Throws errno `fault` outside of memory. Source: WASI preview 1, `event`. */
export function writeEvent(memory: GuestMemory, address: number, event: PollEvent): void {
  memory.bytes(address, eventSize).fill(0);
  memory.setUint64(address, event.userdata);
  memory.setUint16(address + 8, event.errno);
  memory.setUint8(address + 10, kinds.indexOf(event.kind));
  memory.setUint64(address + 16, event.bytes ?? 0n);
  memory.setUint16(address + 24, event.hangup ? hangupFlag : 0);
}
