import type { RowSource } from './comparison-rows.ts';
import { testRules } from '../verdicts/judge-test.ts';
import { floorShare } from '../verdicts/noise-floor.ts';
import type { SpeedRatio } from '../../../shared/contract/verdict.ts';
import { judgeSpeed } from '../stats/judge-speed.ts';

/** Which of two rows decodes faster in the bare engine; `null` where one of them was not measured. */
export const judgeDecode = (a: RowSource, b: RowSource): SpeedRatio | null => {
  const { spec, noiseFloor } = b.run;
  const { untilDecided } = testRules(
    a.run.id === b.run.id ? spec.untilDecided : undefined,
    noiseFloor,
    spec.seed,
  );
  return judgeSpeed(a.decodeSpeeds, b.decodeSpeeds, {
    seed: a.run.spec.seed,
    floor: floorShare(noiseFloor, 'engine', 'decodeTps'),
    ...(untilDecided && { looks: untilDecided.looks, smallestDifference: untilDecided.smallestDifference }),
  });
};
