/** Writes a DWARF expression as llvm-dwarfdump does. Knows the operations that the fixtures use, and throws for others. */
export function showExpression(bytes: Uint8Array, addressSize: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shown: string[] = [];
  let at = 0;
  const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
  const signed = (value: bigint): string => (value < 0n ? `${value}` : `+${value}`);
  const leb128 = (isSigned: boolean): bigint => {
    let value = 0n;
    for (let shift = 0n; ; ) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return isSigned && byte & 64 ? value - (1n << shift) : value;
    }
  };
  const address = (): bigint => {
    const value = addressSize === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
    at += addressSize;
    return value;
  };
  const wasmLocation = (): string => {
    const kind = view.getUint8(at++);
    if (kind !== 3) return `${hex(kind)} ${hex(leb128(false))}`;
    at += 4;
    return `${hex(kind)} ${hex(view.getUint32(at - 4, true))}`;
  };
  while (at < bytes.length) {
    const operation = view.getUint8(at++);
    switch (operation) {
      case 0x03:
        shown.push(`DW_OP_addr ${hex(address())}`);
        break;
      case 0x10:
        shown.push(`DW_OP_constu ${hex(leb128(false))}`);
        break;
      case 0x11:
        shown.push(`DW_OP_consts ${signed(leb128(true))}`);
        break;
      case 0x22:
        shown.push("DW_OP_plus");
        break;
      case 0x23:
        shown.push(`DW_OP_plus_uconst ${hex(leb128(false))}`);
        break;
      case 0x91:
        shown.push(`DW_OP_fbreg ${signed(leb128(true))}`);
        break;
      case 0x93:
        shown.push(`DW_OP_piece ${hex(leb128(false))}`);
        break;
      case 0x9f:
        shown.push("DW_OP_stack_value");
        break;
      case 0xa1:
        shown.push(`DW_OP_addrx ${hex(leb128(false))}`);
        break;
      case 0xed:
        shown.push(`DW_OP_WASM_location ${wasmLocation()}`);
        break;
      default:
        throw new Error(`the fixtures have an operation ${hex(operation)} that this does not know`);
    }
  }
  return shown.join(", ");
}
