import type { Options } from '../config/options.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Forge, ForgeFailure } from '../ports/forge.ts';
import { readTrust, type Trust } from '../rules/issues/trust.ts';

/** Whose issues are read: the owner, who is the account of the token unless the options name one, and the bots. */
export async function whoIsTrusted(
  forge: Pick<Forge, 'issues'>,
  options: Pick<Options, 'issue_bots' | 'issue_owner_id'>,
): Promise<Result<Trust, ForgeFailure>> {
  if (options.issue_owner_id > 0) return ok(readTrust(options, undefined));
  const viewer = await forge.issues.viewer();
  return viewer.ok ? ok(readTrust(options, viewer.value)) : viewer;
}
