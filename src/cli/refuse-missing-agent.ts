import type { World } from '../ports/world.ts';
import { CliProblem, exitCodes, type Home } from './context.ts';
import { usageProblem } from './problems.ts';

/** Nothing is started for an agent that is not there or not logged in. */
export async function refuseMissingAgent(world: World, home: Home, name = home.options.agent): Promise<void> {
  const agent = world.agents.named(name);
  if (!agent)
    throw usageProblem(
      'agent-unknown',
      `there is no agent named ${name}`,
      'codex, or command with agent_command set',
    );
  const state = await agent.probe();
  const hint = state.hint ?? 'clone config show tells where the settings come from';
  if (state.program === undefined) {
    const path = name === 'codex' ? home.options.codex_path : '';
    throw new CliProblem({
      code: 'agent-missing',
      message:
        path === ''
          ? `the agent ${name} was not found`
          : `the agent ${name} was not found at ${path} (codex_path)`,
      hint: path === '' ? hint : `${hint}. Then codex_path may stay empty: it is found on PATH.`,
      exitCode: exitCodes.usage,
    });
  }
  if (state.login === 'missing') {
    throw new CliProblem({
      code: 'agent-login',
      message: `the agent ${name} is not logged in`,
      hint,
      exitCode: exitCodes.human,
    });
  }
}
