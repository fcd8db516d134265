import { Checkbox } from '@mantine/core';
import { EngineDefaults } from '../settings/engine-defaults.tsx';
import type { ArmSettings } from './arm-settings.ts';
import classes from './new-run-page.module.css';

interface TwoSettingsProps {
  /** `null`: the model is measured by itself. */
  readonly arms: ArmSettings | null;
  readonly onChange: (arms: ArmSettings | null) => void;
}

/** One model under two settings, measured in turns until it is decided. */
export const TwoSettings = ({ arms, onChange }: TwoSettingsProps) => (
  <>
    <Checkbox
      mt="sm"
      size="xs"
      label="Compare two settings of it until it is decided which is better"
      description="In turns, looked at after 6, 8, 10, 12, 16 and 20 repetitions; at most 30 minutes."
      checked={arms !== null}
      onChange={(event) => onChange(event.currentTarget.checked ? { a: {}, b: {} } : null)}
    />
    {arms === null ? null : (
      <div className={classes.arms}>
        {(['a', 'b'] as const).map((side) => (
          <fieldset key={side} className={classes.arm}>
            <legend>{side === 'a' ? 'A, the base' : 'B'}</legend>
            <EngineDefaults
              engine={arms[side]}
              onChange={(settings) => onChange({ ...arms, [side]: settings })}
            />
          </fieldset>
        ))}
      </div>
    )}
  </>
);
