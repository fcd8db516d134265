import type { EngineSettingsPatch } from '../../../shared/contract/models.ts';

/** The settings of both arms, each on top of the run's; an empty one is the model as it is. */
export interface ArmSettings {
  readonly a: EngineSettingsPatch;
  readonly b: EngineSettingsPatch;
}

/** Whether two arms differ: a model is not compared with itself here, that is a calibration. */
export const areTwo = ({ a, b }: ArmSettings): boolean =>
  JSON.stringify(Object.entries(a).toSorted()) !== JSON.stringify(Object.entries(b).toSorted());
