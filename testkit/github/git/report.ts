/**
 * Puts our own reasons in place of git's "hook declined" in the answer to a push, so that the client prints what it
 * prints at GitHub: `! [remote rejected] main -> main (protected branch hook declined)`.
 */
export function withReasons(answer: Buffer, reasons: ReadonlyMap<string, string>): Buffer {
  const outer = readPackets(answer);
  if (outer === undefined) return answer;
  const sideband = outer.some((packet) => packet !== null && (packet[0] === 1 || packet[0] === 2));
  if (!sideband) return writePackets(outer.map((packet) => reworded(packet, reasons)));

  const progress = outer
    .filter((packet) => packet !== null && packet[0] !== 1)
    .map((packet) => withoutHook(packet!));
  const report = Buffer.concat(
    outer.filter((packet) => packet !== null && packet[0] === 1).map((packet) => packet!.subarray(1)),
  );
  const inner = readPackets(report);
  if (inner === undefined) return answer;
  const rewritten = writePackets(inner.map((packet) => reworded(packet, reasons)));
  const pieces: Buffer[] = [];
  for (let at = 0; at < rewritten.length; at += 60_000) {
    pieces.push(Buffer.concat([Buffer.from([1]), rewritten.subarray(at, at + 60_000)]));
  }
  return writePackets([...progress.filter((packet) => packet.length > 1), ...pieces, null]);
}

/** GitHub has no hooks to speak of, so git's own sentence about ours goes. */
function withoutHook(packet: Buffer): Buffer {
  const text = packet.toString('latin1');
  return Buffer.from(text.replace(/error: hook declined to update .*\n/g, ''), 'latin1');
}

function reworded(packet: Buffer | null, reasons: ReadonlyMap<string, string>): Buffer | null {
  const refused = packet === null ? null : /^ng (\S+) /.exec(packet.toString('utf8'));
  const reason = refused === null ? undefined : reasons.get(refused[1] ?? '');
  return reason === undefined ? packet : Buffer.from(`ng ${refused?.[1] ?? ''} ${reason}\n`);
}

/** Splits a stream into pkt-lines; a flush packet is null. */
function readPackets(bytes: Buffer): (Buffer | null)[] | undefined {
  const packets: (Buffer | null)[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16);
    if (Number.isNaN(length) || (length > 0 && length < 4) || at + length > bytes.length) return undefined;
    packets.push(length === 0 ? null : bytes.subarray(at + 4, at + length));
    at += Math.max(length, 4);
  }
  return at === bytes.length ? packets : undefined;
}

function writePackets(packets: readonly (Buffer | null)[]): Buffer {
  return Buffer.concat(
    packets.map((packet) =>
      packet === null
        ? Buffer.from('0000')
        : Buffer.concat([Buffer.from((packet.length + 4).toString(16).padStart(4, '0')), packet]),
    ),
  );
}
