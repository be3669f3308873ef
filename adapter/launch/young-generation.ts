import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8's space for young objects as small as it is, for the rest of the process.
 *
 * It doubles, up to 16 MiB in use (more on newer Nodes), whenever many objects outlive a collection, and never shrinks while there is work.
 * Taking a large module apart makes objects without end of which almost none is kept, so that the room is memory and nothing else:
 * processor time is the same. V8 looks at this setting each time the space would grow; its option for the largest size
 * counts at the start of a process alone.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
