import type { SymbolFrame } from "../symbols/symbol-frame.ts";
import type { Value } from "../symbols/values/value.ts";
import type { View } from "../symbols/views/view.ts";
import { bytesOf, findMember, integer, LayoutMismatch, member } from "./layout.ts";

/** `Ipv4Addr`: `127.0.0.1`. */
export async function ipv4(frame: SymbolFrame, value: Value): Promise<View> {
  return { shape: { kind: "text", text: await ipv4Text(frame, value) } };
}

/** `Ipv6Addr`: `2001:db8::1`. */
export async function ipv6(frame: SymbolFrame, value: Value): Promise<View> {
  return { shape: { kind: "text", text: await ipv6Text(frame, value) } };
}

/** `SocketAddrV4`: `127.0.0.1:80`. */
export async function socketV4(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, port } = await partsOf(frame, value);
  return { shape: { kind: "text", text: `${await ipv4Text(frame, address)}:${port}` } };
}

/** `SocketAddrV6`: `[::1]:80`. */
export async function socketV6(frame: SymbolFrame, value: Value): Promise<View> {
  const { address, port } = await partsOf(frame, value);
  return { shape: { kind: "text", text: `[${await ipv6Text(frame, address)}]:${port}` } };
}

/** Before Rust 1.64 these were what the system has, in the order of the network. */
async function partsOf(
  frame: SymbolFrame,
  value: Value,
): Promise<{ readonly address: Value; readonly port: bigint }> {
  const ofSystem = await findMember(frame, value, "inner", ["sin_port", "sin6_port"]);
  if (ofSystem) {
    const address = await member(frame, value, "inner", ["sin_addr", "sin6_addr"]);
    const [high = 0, low = 0] = await bytesOf(frame, ofSystem);
    return { address, port: BigInt(high * 256 + low) };
  }
  const port = await integer(frame, await member(frame, value, "port"));
  return { address: await member(frame, value, "ip"), port };
}

/** However their type calls them, its bytes are those of the address in the order of the network. */
async function ipv4Text(frame: SymbolFrame, value: Value): Promise<string> {
  const bytes = await bytesOf(frame, value);
  if (bytes.length !== 4) throw new LayoutMismatch("no address");
  return bytes.join(".");
}

/** Source: RFC 5952, "A Recommendation for IPv6 Text Representation". */
async function ipv6Text(frame: SymbolFrame, value: Value): Promise<string> {
  const bytes = await bytesOf(frame, value);
  if (bytes.length !== 16) throw new LayoutMismatch("no address");
  const groups = Array.from(
    { length: 8 },
    (_, at) => ((bytes[2 * at] as number) << 8) | (bytes[2 * at + 1] as number),
  );
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join(".")}`;
  }
  const { start, length } = longestZeros(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}

/** The longest run of zeros, the first of those that are equally long. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
