import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

export interface CompiledScript {
  /** A CommonJS script of ours, in ASCII. */
  readonly file: string;
  /** Stands for what is in the file: code compiled from another text is not used. */
  readonly identity: string;
  /** Which of its functions are kept: those that processes of this purpose need. */
  readonly purpose: string;
  /** Where compiled code is kept. It is run as it is, so nobody else may write there. Undefined: nothing is kept. */
  readonly folder: string | undefined;
}

/**
 * Runs a script and answers what it exports. The first process leaves the code of every function that it needed, so
 * that later ones need not compile it again: Node's own compile cache keeps only what is compiled while loading, a
 * third of what a run uses. V8 refuses code of another version or of other flags.
 */
export function runCompiled(script: CompiledScript): unknown {
  const kept = script.folder === undefined ? undefined : path.join(script.folder, nameOf(script));
  const cachedData = kept === undefined ? undefined : bytesOf(kept);
  const compiled = new vm.Script(wrapped(readFileSync(script.file, 'latin1')), {
    filename: script.file,
    ...(cachedData && { cachedData }),
  });
  if (kept !== undefined && (cachedData === undefined || compiled.cachedDataRejected)) {
    process.once('exit', () => {
      keep(kept, compiled.createCachedData());
    });
  }
  const module = { exports: {} };
  const run = compiled.runInThisContext() as (...given: unknown[]) => void;
  run(createRequire(script.file), module, module.exports, script.file);
  return module.exports;
}

/**
 * The user's own: what is found there is run, so it must not lie where others can write, as in `/tmp`. Undefined:
 * there is none.
 */
export function compiledFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CACHE_HOME: named, HOME: home, LOCALAPPDATA: local } = env;
  const caches = named || (home ? path.join(home, '.cache') : local);
  return caches && path.isAbsolute(caches) ? path.join(caches, 'clone/compiled') : undefined;
}

/** On one line, so that lines in stack traces are those of the file. */
function wrapped(source: string): string {
  return `(function (require, module, exports, __filename) {${source}\n})`;
}

function prefixOf({ file, purpose }: CompiledScript): string {
  return `${path.parse(file).name}-${purpose}.${process.version}-${process.arch}.`;
}

function nameOf(script: CompiledScript): string {
  return `${prefixOf(script)}${script.identity}`;
}

/** Undefined: there is none, somebody else could have made it, or it is damaged. */
function bytesOf(file: string): Buffer | undefined {
  try {
    const about = statSync(file);
    const isOurs =
      process.getuid === undefined || (about.uid === process.getuid() && (about.mode & 0o022) === 0);
    return isOurs && about.isFile() ? undamaged(readFileSync(file)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Kept twice over: V8 looks only at the head of what it is given, and a changed byte further on kills the process, at
 * every start anew. To compare is ten times as quick as to load what Node has for checksums.
 */
function undamaged(twice: Buffer): Buffer | undefined {
  const code = twice.subarray(0, twice.length / 2);
  return code.equals(twice.subarray(code.length)) ? code : undefined;
}

/** Moved into place, so that nobody reads half of it; that of older builds goes. What cannot be written is not kept. */
function keep(file: string, code: Buffer): void {
  const { dir: folder, base: name } = path.parse(file);
  const ofThisPurpose = name.slice(0, name.lastIndexOf('.') + 1);
  const fresh = `${file}.${process.pid}.new`;
  try {
    for (const one of [path.resolve(folder, '../..'), path.dirname(folder), folder]) makeFolder(one);
    writeFileSync(fresh, Buffer.concat([code, code]), { mode: 0o600, flush: true });
    renameSync(fresh, file);
    for (const other of readdirSync(folder)) {
      if (other.startsWith(ofThisPurpose) && other !== name)
        rmSync(path.join(folder, other), { force: true });
    }
  } catch {
    // The next process compiles again.
    rmIfThere(fresh);
  }
}

/** One at a time: where nothing can be made and nothing says so, as in `/proc`, Node's `recursive` tries for ever. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

function rmIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where nothing can be written, nothing is left.
  }
}
