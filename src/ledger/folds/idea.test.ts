import { expect, it } from 'vitest';
import { foldFacts, type Told } from '../../../test/fakes/fold-facts.ts';
import { ideaFold } from './idea.ts';

const takenUp: Told = {
  type: 'idea-taken-up',
  idea: 'notes',
  title: 'Notes',
  name: 'notes',
  path: '/code/notes',
};
const told = {
  idea: 'notes',
  step: 'folder',
  key: 'folder:/code/notes',
  facts: { path: '/code/notes' },
} as const;

const after = (...facts: readonly Told[]) => foldFacts(ideaFold, facts).get('notes');

it('keeps what a step was about to do, and then that it is done', () => {
  expect(after(takenUp, { type: 'idea-step-began', ...told })).toMatchObject({
    status: 'TRIAGED',
    step: 'folder',
    steps: { folder: { key: told.key, done: false, facts: told.facts } },
  });
  expect(
    after(takenUp, { type: 'idea-step-began', ...told }, { type: 'idea-step-ended', ...told }),
  ).toMatchObject({
    steps: { folder: { done: true } },
  });
});

it('keeps where it was blocked and what to do, and its steps when a person tries again', () => {
  const blocked = after(
    takenUp,
    { type: 'idea-step-ended', ...told },
    { type: 'idea-moved', idea: 'notes', to: 'BLOCKED', why: 'red', step: 'files', hint: 'look' },
  );
  expect(blocked).toMatchObject({
    status: 'BLOCKED',
    step: 'files',
    why: 'red',
    hint: 'look',
    movedAt: 3000,
  });
  const again = after(
    takenUp,
    { type: 'idea-step-ended', ...told },
    { type: 'idea-moved', idea: 'notes', to: 'BLOCKED', why: 'red', step: 'files', hint: 'look' },
    { type: 'idea-moved', idea: 'notes', to: 'TRIAGED', why: 'tried again by a person' },
  );
  expect(again).toMatchObject({ status: 'TRIAGED', hint: '', steps: { folder: { done: true } } });
});

it('forgets the steps of an earlier attempt when it is taken up anew', () => {
  expect(after(takenUp, { type: 'idea-step-ended', ...told }, takenUp)).toMatchObject({ steps: {} });
});

it('knows nothing of an idea that was never taken up', () => {
  expect(after({ type: 'idea-moved', idea: 'notes', to: 'TRIAGED', why: 'tried again' })).toBeUndefined();
});
