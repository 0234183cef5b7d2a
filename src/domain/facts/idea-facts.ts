import type { IdeaStatus, IdeaStep } from '../idea.ts';
import { type FactKinds, maybeText, of, text } from './field.ts';

/** What the incubator tells. */
export const ideaFacts = {
  'idea-taken-up': {
    says: 'An idea is on its way to become a repository.',
    fields: {
      idea: text('id of the idea'),
      title: text('its title'),
      name: text('name of the repository to be'),
      path: text('its folder'),
    },
  },
  'idea-step-began': {
    says: 'What a step is about to do, told before it is done: after a crash the same thing is looked for first.',
    fields: {
      idea: text('id of the idea'),
      step: of<IdeaStep>('step', 'which step'),
      key: text('the same for the same deed, however often it is tried'),
      facts: of<Readonly<Record<string, unknown>>>('object', 'folder, sha, slug: what it will make'),
    },
  },
  'idea-step-ended': {
    says: 'A step is done, with what it made.',
    fields: {
      idea: text('id of the idea'),
      step: of<IdeaStep>('step', 'which step'),
      key: text('the same for the same deed, however often it is tried'),
      facts: of<Readonly<Record<string, unknown>>>('object', 'folder, sha, slug: what it made'),
    },
  },
  'idea-moved': {
    says: 'An idea came to an end, was given back, or left ideas.yaml.',
    fields: {
      idea: text('id of the idea'),
      to: of<IdeaStatus | 'GONE'>('status', 'where it stands now; GONE: it is no longer in ideas.yaml'),
      why: text('in words'),
      step: of<IdeaStep | undefined>('step, optional', 'where it was blocked'),
      hint: maybeText('what a person can do'),
    },
  },
} as const satisfies FactKinds;
