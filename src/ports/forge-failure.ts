import type { Instant } from '../domain/time.ts';

/** Why the forge did not answer what was asked. */
export type ForgeFailure =
  /** The token is wrong (401) or lacks a right (403/404 where it must not). Waiting does not help. */
  | {
      readonly kind: 'access';
      readonly message: string;
      /** The token itself is not accepted, whatever is asked. */
      readonly unknownToken?: true | undefined;
    }
  /** Do not ask before `until`: a limit, or our own reserve for the human. */
  | { readonly kind: 'later'; readonly until: Instant; readonly message: string }
  /** The forge or the way to it is broken for now. */
  | { readonly kind: 'unavailable'; readonly message: string }
  /** It is not there (404), or no longer (410). */
  | { readonly kind: 'gone'; readonly message: string };

/** `owner/name` on the forge. */
export type Slug = string;
