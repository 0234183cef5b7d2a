import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the hooks are: those that may refuse, and those that only tell. */
export interface Hooks {
  readonly strict: string;
  readonly plain: string;
}

/**
 * The hooks that every push into the stand-in runs. `update` refuses a ref with GitHub's words and leaves the
 * reason in $STANDIN_REASONS; `post-receive` tells what changed in $STANDIN_RECEIVED.
 */
export async function writeHooks(folder: string): Promise<Hooks> {
  const hooks = {
    strict: path.join(folder, '.hooks', 'strict'),
    plain: path.join(folder, '.hooks', 'plain'),
  };
  for (const each of [hooks.strict, hooks.plain]) {
    await mkdir(each, { recursive: true });
    await writeFile(path.join(each, 'post-receive'), postReceive, { mode: 0o755 });
  }
  await writeFile(path.join(hooks.strict, 'update'), update, { mode: 0o755 });
  return hooks;
}

const update = `#!/bin/sh
ref=$1 old=$2 new=$3
zero=0000000000000000000000000000000000000000
refuse() { # the reason in the report, then what the user reads
  printf '%s %s\\n' "$ref" "$1" >>"$STANDIN_REASONS"
  shift
  for line; do echo "$line" >&2; done
  exit 1
}
case $ref in
refs/heads/*)
  branch=\${ref#refs/heads/}
  while read -r guarded; do
    [ "$guarded" = "$branch" ] || continue
    if [ "$new" = "$zero" ]; then
      refuse 'protected branch hook declined' \\
        "error: GH006: Protected branch update failed for $ref." 'error: Cannot delete a protected branch'
    elif [ "$old" != "$zero" ] && ! git merge-base --is-ancestor "$old" "$new"; then
      refuse 'protected branch hook declined' \\
        "error: GH006: Protected branch update failed for $ref." 'error: Cannot force-push to a protected branch'
    fi
    refuse 'protected branch hook declined' \\
      "error: GH006: Protected branch update failed for $ref." \\
      'error: Changes must be made through a pull request.'
  done <<END
$STANDIN_PROTECTED
END
  ;;
esac
if [ "$STANDIN_WORKFLOWS" = no ] && [ "$new" != "$zero" ]; then
  git ls-tree -r "$new" -- .github/workflows | while read -r mode type blob file; do
    for branch in $(git for-each-ref --format='%(objectname)' refs/heads); do
      [ "$(git rev-parse -q --verify "$branch:$file")" = "$blob" ] && continue 2
    done
    refuse "refusing to allow a Personal Access Token to create or update workflow \\\`$file\\\` without \\\`workflow\\\` scope"
  done || exit 1
fi
`;

const postReceive = `#!/bin/sh
cat >>"$STANDIN_RECEIVED"
`;
