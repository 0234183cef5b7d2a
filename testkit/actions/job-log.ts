import type { Annotation } from './types.ts';
import { parseCommand, type WorkflowCommand } from './workflow-commands.ts';

/** What a job writes, with masked secrets and with its commands carried out. */
export interface JobLog {
  /** A line of the runner's own. */
  say(text: string): void;
  /** An error of the runner's own, which is an annotation as well. */
  error(text: string): void;
  /** A reader of one step's output. */
  step(): StepOutput;
}

interface StepOutput {
  line: (text: string) => void;
  /** What the step gave by `::set-output`. */
  outputs: Record<string, string>;
}

export interface JobLogSink {
  line(text: string): void;
  annotation(annotation: Annotation): void;
}

type Level = Annotation['level'];

/** GitHub keeps ten annotations of a level and step; the rest is our own protection against a step gone wild. */
const most = { annotationsPerStep: 10, masks: 100, outputsPerStep: 1_000 };

/** The log of one job. */
export function createJobLog(sink: JobLogSink): JobLog {
  const masks: string[] = [];

  function say(text: string): void {
    for (const line of text.split('\n')) sink.line(masked(line, masks));
  }

  function annotate(level: Level, message: string, properties: Record<string, string>): void {
    const startLine = Number(properties['line'] ?? 1) || 1;
    sink.annotation({
      level,
      message: masked(message, masks),
      title: properties['title'] ?? null,
      path: properties['file'] ?? '.github',
      startLine,
      endLine: Number(properties['endLine'] ?? startLine) || startLine,
    });
  }

  function error(text: string): void {
    say(`##[error]${text}`);
    annotate('failure', text, {});
  }

  function step(): StepOutput {
    const outputs: Record<string, string> = {};
    const counts = { failure: 0, warning: 0, notice: 0 };
    let resumeWord: string | undefined;

    function report(level: Level, { message, properties }: WorkflowCommand): void {
      say(`##[${level === 'failure' ? 'error' : level}]${message}`);
      counts[level] += 1;
      if (counts[level] <= most.annotationsPerStep) annotate(level, message, properties);
    }

    function carryOut(command: WorkflowCommand, line: string): void {
      const { name, message, properties } = command;
      switch (name) {
        case 'error':
          report('failure', command);
          return;
        case 'warning':
        case 'notice':
          report(name, command);
          return;
        case 'group':
        case 'endgroup':
          say(`##[${name}]${message}`);
          return;
        case 'add-mask':
          masks.push(...message.split(/\r?\n/).filter((mask) => mask.trim() !== ''));
          masks.splice(most.masks);
          return;
        case 'stop-commands':
          resumeWord = message;
          return;
        case 'set-output':
          if (Object.keys(outputs).length < most.outputsPerStep) outputs[properties['name'] ?? ''] = message;
          return;
        case 'debug':
        case 'echo':
        case 'save-state':
          return;
        case 'set-env':
        case 'add-path':
          error(`The \`${name}\` command is disabled. Please upgrade to using Environment Files.`);
          return;
        default:
          say(line);
      }
    }

    function line(text: string): void {
      const command = parseCommand(text);
      if (!command) {
        sink.line(masked(text, masks));
      } else if (resumeWord === undefined) {
        carryOut(command, text);
      } else if (command.name === resumeWord.toLowerCase()) {
        resumeWord = undefined;
      } else {
        say(text);
      }
    }

    return { line, outputs };
  }

  return { say, error, step };
}

function masked(text: string, masks: readonly string[]): string {
  return masks.reduce((line, mask) => line.replaceAll(mask, '***'), text);
}
