import { AppError } from '../../../shared/errors/app-error.ts';
import type { QualityPorts } from './ports.ts';
import type { Source, Subject } from './subjects.ts';

/**
 * Refuses a candidate whose importance matrix was collected on the very text that judges it: it has seen the answers.
 * @throws AppError `quality.calibrated-on-text`
 */
export const refuseCalibrated = async (
  { calibrationTextSha256 }: Pick<QualityPorts, 'calibrationTextSha256'>,
  { path, facts }: Subject,
  text: Pick<Source, 'name' | 'sha256'>,
  signal: AbortSignal,
): Promise<void> => {
  if ((await calibrationTextSha256(path, signal)) !== text.sha256) return;
  throw new AppError(
    'quality.calibrated-on-text',
    `${facts.modelId} was calibrated on ${text.name}, so it cannot be judged on it.`,
    { hint: 'Judge on another text (--text FILE), or make the file with another calibration text.' },
  );
};
