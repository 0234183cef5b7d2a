/** The commands that only look. They have a front door of their own, which is smaller and opens faster. */
export const lookingCommands = ['status', 'show', 'standup', 'logs', 'commits'] as const;

export type LookingCommand = (typeof lookingCommands)[number];
