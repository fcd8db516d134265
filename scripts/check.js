// npm run check: the fast part of npm test, for before a commit.
import { runSteps, staticGroup, testStep } from './steps.js';

await runSteps([staticGroup, { steps: [testStep('unit')] }]);
