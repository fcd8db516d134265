// npm start: builds what is stale, then opens the app. Flags go to "dyno app": --browser, --port N, --no-open.
import { buildIfStale } from './build.js';

const code = buildIfStale();
if (code === 0) {
  process.argv.splice(2, 0, 'app');
  await import('../bin/dyno.js');
} else {
  process.exitCode = code;
}
