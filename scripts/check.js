// npm run check: the fast part of npm test, for before a commit.
import { runSteps, staticSteps, testStep } from './steps.js';

await runSteps([...staticSteps, testStep('unit')]);
