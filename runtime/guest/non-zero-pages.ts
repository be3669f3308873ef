const pageBytes = 4096;
/** Compared at once: most of a large memory has never been touched. */
const blockPages = 256;
const zeros = Buffer.alloc(pageBytes * blockPages);

/**
 * A bit for each page of 4096 bytes that is not all zero, the lowest of a byte first; of the last page as much as
 * there is. Fast enough for gigabytes: comparing is the C library's work.
 */
export function nonZeroPages(bytes: Uint8Array): Uint8Array {
  const pages = Math.ceil(bytes.length / pageBytes);
  const set = new Uint8Array(Math.ceil(pages / 8));
  for (let block = 0; block < pages; block += blockPages) {
    if (isZero(bytes, block, blockPages)) continue;
    for (let page = block; page < Math.min(block + blockPages, pages); page++) {
      if (!isZero(bytes, page, 1)) set[page >> 3] = (set[page >> 3] ?? 0) | (1 << (page & 7));
    }
  }
  return set;
}

function isZero(bytes: Uint8Array, page: number, count: number): boolean {
  const start = page * pageBytes;
  const end = Math.min(start + count * pageBytes, bytes.length);
  return zeros.compare(bytes, start, end, 0, end - start) === 0;
}
