/** What build tools legitimately read. No token, key or password has a place here. */
const allowed =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|TERM|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|JAVA_HOME|M2_HOME|GRADLE_USER_HOME|GO(PATH|ROOT|MODCACHE|CACHE|FLAGS|PROXY|SUMDB)|CARGO_HOME|RUSTUP_HOME|RUSTUP_TOOLCHAIN|DOTNET_ROOT|NUGET_PACKAGES|NVM_DIR|VOLTA_HOME|PYENV_ROOT|VIRTUAL_ENV|XDG_CACHE_HOME)$/;

/** The environment of checks and setup commands: an allow-list of the user's, and that nobody is there to answer. */
export function checkEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && allowed.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), CI: 'true', NO_COLOR: '1', GIT_TERMINAL_PROMPT: '0' };
}
