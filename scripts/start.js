// npm start: builds what is stale, then opens the app. Flags go to "dyno app": --browser, --port N, --no-open.
import { buildIfStale } from './build.js';

/** A SIGTERM to npm ends the shell between npm and us, and never comes here: without that shell we end, too. */
const endWithNpm = () => {
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
};

const code = buildIfStale();
if (code === 0) {
  if (process.env.npm_lifecycle_event === 'start') endWithNpm();
  process.argv.splice(2, 0, 'app');
  await import('../bin/dyno.js');
} else {
  process.exitCode = code;
}
