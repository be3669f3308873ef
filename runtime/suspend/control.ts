/**
 * The words two threads share: the guest thread and the agent beside it.
 *
 * `wake` counts messages put in the guest thread's mailbox; the guest waits on it, so a message that
 * comes between looking and waiting is never slept through.
 */
export const Word = {
  /** Number of messages posted to the guest thread, wrapping. The guest waits on this word. */
  wake: 0,
  /** One of `GuestState`. Written by the guest thread only. */
  state: 1,
  /** Moves while the agent's event loop turns. */
  heartbeat: 2,
  /** Bytes of output handed to the agent, wrapping. */
  outputSent: 3,
  /** Bytes of output the socket has taken, wrapping. The guest waits on this word when too much is under way. */
  outputTaken: 4,
  /** 1 when the agent has flushed the last message and the process may end. */
  flushed: 5,
  /** 1 while records of logpoints wait in the guest thread for others to be taken. Written by the guest thread only. */
  logHeld: 6,
} as const;

export const wordCount = 8;

/** What the guest thread is doing, for the agent to know how a message reaches it. */
export const GuestState = {
  /** Runs guest code: messages need a poke. */
  running: 0,
  /** Parked at the suspend point: messages wake it. */
  parked: 1,
  /** Blocked in a host call that watches the mailbox: messages wake it. */
  waiting: 2,
  /** The guest has ended. */
  ended: 3,
} as const;

/** How often the agent moves its heartbeat, in milliseconds. */
export const heartbeatMs = 250;
/** How long a parked guest waits before it looks at the heartbeat, in milliseconds. */
export const sliceMs = 1000;
/** Slices without a heartbeat after which the agent counts as dead. Slices, not seconds: a machine that slept is not a dead agent. */
export const deadSlices = 15;
/** How long the way must be free before the agent asks for records that are held back, in milliseconds. */
export const logHeldMs = 5;
/** Output under way above which the guest waits, in bytes. */
export const outputWindowBytes = 1 << 20;
