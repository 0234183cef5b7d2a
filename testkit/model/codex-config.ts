/** How to make codex talk to a scripted model and to nobody else: the same settings for a file and for a command line. */
export interface CodexConfig {
  /** The text of `$CODEX_HOME/config.toml`. */
  readonly toml: string;
  /** `-c key=value …` for `codex exec`. */
  readonly args: readonly string[];
}

export interface CodexConfigOptions {
  /** `mock-model` has plain tools, `gpt-5.5` a patch tool, newer ones speak JavaScript. */
  readonly model?: string | undefined;
  /** How often codex repeats a request that failed, and a stream that broke: 0. */
  readonly retries?: number | undefined;
  /** How long codex waits for the next event of a stream, in milliseconds. */
  readonly streamIdleMs?: number | undefined;
}

export function codexConfig(url: string, options: CodexConfigOptions = {}): CodexConfig {
  const provider = 'model_providers.scripted';
  const retries = options.retries ?? 0;
  const settings: [key: string, value: string | number | boolean][] = [
    ['check_for_update_on_startup', false],
    ['analytics.enabled', false],
    ['otel.metrics_exporter', 'none'],
    ['features.plugins', false],
    ['features.apps', false],
    ['features.unbounded_connection_retries', false],
    ['model', options.model ?? 'mock-model'],
    ['model_provider', 'scripted'],
    [`${provider}.name`, 'scripted'],
    [`${provider}.base_url`, url],
    [`${provider}.wire_api`, 'responses'],
    [`${provider}.request_max_retries`, retries],
    [`${provider}.stream_max_retries`, retries],
  ];
  if (options.streamIdleMs !== undefined)
    settings.push([`${provider}.stream_idle_timeout_ms`, options.streamIdleMs]);

  const pairs = settings.map(([key, value]) => [key, JSON.stringify(value)] as const);
  return {
    toml: pairs.map(([key, value]) => `${key} = ${value}\n`).join(''),
    args: pairs.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  };
}
