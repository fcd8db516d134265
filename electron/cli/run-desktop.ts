import { spawn } from 'node:child_process';
import { askForDesktop, explainExit } from './desktop-launch.ts';
import { fetchElectron } from './fetch-electron.ts';

const startupMs = 10_000;

/** Runs Electron to its end. Resolves to the reason when it could not start, to `undefined` after a session. */
const runElectron = (executable: string, root: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const isRoot = process.getuid?.() === 0;
    // Chromium refuses to run sandboxed as root; pages stay isolated from Node, without the system's sandbox around them
    const flags = isRoot && process.platform === 'linux' ? ['--no-sandbox'] : [];
    const { ELECTRON_RUN_AS_NODE: _nodeMode, ...env } = process.env; // terminals inside Electron apps set it
    const child = spawn(executable, [...flags, root], {
      env,
      stdio: ['inherit', 'inherit', 'pipe'],
    });
    const startedMs = performance.now();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-8000);
      process.stderr.write(chunk);
    });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const end = (reason: string | undefined): void => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(reason);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => {
      const endedAtOnce = performance.now() - startedMs < startupMs;
      const isByUser = signal === 'SIGINT' || signal === 'SIGTERM';
      end(endedAtOnce && !isByUser ? explainExit(code, signal, stderr) : undefined);
    });
  });

/**
 * Opens the desktop window and waits for its end.
 * @returns why there is no window, or `undefined` when there was one
 */
export const runDesktop = async (root: string, note: (text: string) => void): Promise<string | undefined> => {
  const place = { root, env: process.env, platform: process.platform };
  let answer = askForDesktop(place);
  if (answer.type === 'missing') {
    note('Fetching the Electron executable, once…');
    const problem = await fetchElectron(root);
    if (problem !== undefined) return problem;
    answer = askForDesktop(place);
  }
  switch (answer.type) {
    case 'ready':
      return runElectron(answer.executable, root);
    case 'missing':
      return 'the Electron executable is not there after its download';
    case 'impossible':
      return answer.reason;
    default:
      return answer satisfies never;
  }
};
