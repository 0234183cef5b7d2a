import type { Part } from './segment.ts';

/**
 * What a repository is for. Discovery writes objectives in one form, whose second half are words of a README: those
 * may have been written by anybody and stand as data. What a person wrote by hand is the owner's word.
 */
export function objectiveParts(objective: string): readonly Part[] {
  const source = 'repos.yaml';
  const [, aim, readme] =
    /^(Keep .{1,200}? production-ready\.) README: ([\s\S]+)$/.exec(objective.trim()) ?? [];
  if (aim !== undefined && readme !== undefined)
    return [
      { source, trust: 'trusted', text: aim },
      { source: 'the README', trust: 'untrusted', text: readme },
    ];
  const text = objective.trim() || 'none is written down; infer it from the README';
  return [{ source, trust: 'trusted', text }];
}
