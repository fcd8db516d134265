import { NumberInput, SegmentedControl, Switch } from '@mantine/core';
import type { Settings } from '../../../shared/contract/settings.ts';
import classes from './settings-page.module.css';

interface GeneralSettingsProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** Looks, the server's port, how often the machine is read. */
export const GeneralSettings = ({ settings, onChange }: GeneralSettingsProps) => (
  <div className={classes.fields}>
    <div className={classes.field}>
      <span className={classes.label} id="theme-label">
        Theme
      </span>
      <SegmentedControl
        aria-labelledby="theme-label"
        data={[...themes]}
        value={settings.theme}
        onChange={(value) => {
          const theme = themes.find((candidate) => candidate.value === value)?.value;
          if (theme !== undefined) onChange({ theme });
        }}
      />
    </div>
    <NumberInput
      label="Server port"
      description="Used the next time the server is turned on."
      min={1}
      max={65_535}
      defaultValue={settings.serverPort}
      thousandSeparator=""
      onBlur={(event) => {
        const serverPort = Number(event.currentTarget.value);
        if (Number.isInteger(serverPort) && serverPort > 0 && serverPort !== settings.serverPort)
          onChange({ serverPort });
      }}
    />
    <Switch
      label="Turn the server on when Dyno starts"
      checked={settings.startServerAtLaunch}
      onChange={(event) => onChange({ startServerAtLaunch: event.currentTarget.checked })}
    />
    <NumberInput
      label="Time between two readings of the machine, ms"
      min={250}
      max={10_000}
      step={250}
      defaultValue={settings.telemetryIntervalMs}
      onBlur={(event) => {
        const telemetryIntervalMs = Number(event.currentTarget.value.replaceAll(',', ''));
        if (
          telemetryIntervalMs >= 250 &&
          telemetryIntervalMs <= 10_000 &&
          telemetryIntervalMs !== settings.telemetryIntervalMs
        )
          onChange({ telemetryIntervalMs });
      }}
    />
    <NumberInput
      label="Disk for remembered prompts, MiB"
      description="A prompt's beginning, such as a system prompt, then needs no second computation after a restart. 0 keeps none; used at the next load of a model."
      min={0}
      max={1_048_576}
      step={256}
      defaultValue={settings.prefixCacheMib}
      onBlur={(event) => {
        const prefixCacheMib = Number(event.currentTarget.value.replaceAll(',', ''));
        if (
          Number.isInteger(prefixCacheMib) &&
          prefixCacheMib >= 0 &&
          prefixCacheMib !== settings.prefixCacheMib
        )
          onChange({ prefixCacheMib });
      }}
    />
    <Switch
      label="Answer the same request from memory"
      description="Deterministic requests (temperature 0, or a seed) of one tenant that were answered before. Off: only while the server is saturated."
      checked={settings.responseCache}
      onChange={(event) => onChange({ responseCache: event.currentTarget.checked })}
    />
  </div>
);
