/** Which worker has which session: who works keeps the number, who comes takes the lowest free one. */
export function assignSlots(
  before: ReadonlyMap<string, number>,
  busy: readonly string[],
): ReadonlyMap<string, number> {
  const kept = [...before].filter(([session]) => busy.includes(session));
  const slots = new Map(kept);
  for (const session of busy) {
    if (slots.has(session)) continue;
    const taken = new Set(slots.values());
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    slots.set(session, slot);
  }
  return slots;
}
