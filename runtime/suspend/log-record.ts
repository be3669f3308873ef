/**
 * How logged values cross from the guest thread to the adapter: records one after another, little-endian.
 *
 * A record is the number of its log and the length of the rest (u32 each); then for each value a tag and
 * its bytes: a number has 8, text its address (8), its length (u32) and itself, a failure its length (u32) and its reason.
 * Text outside of memory has an address alone.
 */
export const LogTag = { number: 0, text: 1, failed: 2, nowhere: 3 } as const;

export const recordHeadBytes = 8;
