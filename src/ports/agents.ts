import type { AgentEvent, TurnKind, TurnResult } from '../domain/agent.ts';

export interface TurnRequest {
  readonly kind: TurnKind;
  readonly cwd: string;
  readonly prompt: string;
  /** JSON Schema of the answer; undefined: prose. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** The exact thread to go on with; undefined: a new one. */
  readonly thread?: string | undefined;
  /** Empty: the agent's own default. */
  readonly model: string;
  readonly sandbox: 'read-only' | 'workspace-write' | 'danger-full-access';
  readonly limits: {
    readonly totalMs: number;
    /** Silence allowed while nothing is open: we wait for the model. */
    readonly modelSilenceMs: number;
    /** Silence allowed while a command is open and busy. */
    readonly commandSilenceMs: number;
  };
  /** Folder and file stem for the raw stream: `<stem>.jsonl`, `<stem>.stderr.txt`, `<stem>.last-message.txt`. */
  readonly log: { readonly folder: string; readonly stem: string };
  /** Session this turn belongs to, for the process marker. */
  readonly session: string;
}

export interface AgentState {
  readonly name: string;
  /** Undefined: the program was not found. */
  readonly program: string | undefined;
  readonly version: string | undefined;
  readonly login: 'ok' | 'missing' | 'unknown';
  readonly hint: string | undefined;
}

/** A program that works on a folder when told to. Its words are claims; its files are what counts. */
export interface Agent {
  readonly name: string;
  /** What is there, without spending a token. */
  probe(): Promise<AgentState>;
  turn(request: TurnRequest, onEvent: (event: AgentEvent) => void, stop: AbortSignal): Promise<TurnResult>;
}

export interface Agents {
  /** Undefined: no agent of that name is known. */
  named(name: string): Agent | undefined;
}
