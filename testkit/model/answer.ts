import type { HttpReply } from './failures.ts';
import type { TokenCounts } from './step.ts';

/** What the scripted model does with one request. */
export type Answer = { readonly delayMs: number } & (
  | {
      readonly kind: 'stream';
      readonly items: readonly object[];
      /** Whether the model is done; if not, codex asks again even without a tool call. */
      readonly endTurn: boolean;
      readonly usage: TokenCounts;
      readonly headers: Readonly<Record<string, string>>;
      readonly cut: 'no' | 'mid-text' | 'after-items';
    }
  | { readonly kind: 'last-event'; readonly event: object }
  | { readonly kind: 'http'; readonly reply: HttpReply }
  | { readonly kind: 'hang'; readonly at: 'headers' | 'stream' }
  | { readonly kind: 'cut' }
);

/** An assistant message as an output item. */
export function message(text: string): object {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
}

/** Thoughts the agent may show, as an output item. */
export function reasoning(text: string): object {
  return { type: 'reasoning', id: 'rs_scripted', summary: [{ type: 'summary_text', text }] };
}
