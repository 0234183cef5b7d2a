/** The variable in the environment of everything we start; strays are found by it. */
export const markerName = 'CLONE_MARKER';

/** The process of ours that a command belongs to. A process id alone is reused; with its start time it is not. */
export interface Owner {
  /** The process-id namespace the number belongs to: the same number elsewhere is somebody else. */
  readonly namespace: string;
  readonly pid: number;
  readonly started: string;
}

/** `<session>.<namespace>.<pid>.<started>.<run>`: the session may hold dots, the rest may not. */
export function formatMarker(session: string, owner: Owner, run: string): string {
  return [session, owner.namespace, owner.pid, owner.started, run].join('.');
}

/** The session part of what our own git calls are marked with; no session has such a name. */
export const gitSession = ':git';

/** Who owns a marked process; undefined for a marker that is not ours. */
export function ownerOf(marker: string): Owner | undefined {
  const [namespace, pid, started] = marker.split('.').slice(-4);
  if (marker.split('.').length < 5 || !namespace || !started || !/^\d+$/.test(pid ?? '')) return undefined;
  return { namespace, pid: Number(pid), started };
}
