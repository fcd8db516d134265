import { ActionIcon, Button, Switch, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import classes from './settings-page.module.css';

interface ModelFoldersProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

const known = [
  { key: 'scanHuggingFaceCache', label: 'Hugging Face cache' },
  { key: 'scanLmStudio', label: 'LM Studio' },
  { key: 'scanOllama', label: 'Ollama' },
] as const;

/** Where models are looked for, besides Dyno's own folder. */
export const ModelFolders = ({ settings, onChange }: ModelFoldersProps) => {
  const [path, setPath] = useState('');
  const add = (): void => {
    const folder = path.trim();
    if (folder === '') return;
    if (!settings.modelFolders.includes(folder))
      onChange({ modelFolders: [...settings.modelFolders, folder] });
    setPath('');
  };
  return (
    <div className={classes.fields}>
      {known.map(({ key, label }) => (
        <Switch
          key={key}
          label={label}
          checked={settings[key]}
          onChange={(event) => onChange({ [key]: event.currentTarget.checked })}
        />
      ))}
      {settings.modelFolders.length === 0 ? null : (
        <ul className={classes.folders}>
          {settings.modelFolders.map((folder) => (
            <li key={folder}>
              <span className="mono">{folder}</span>
              <ActionIcon
                size="sm"
                aria-label={`Forget folder ${folder}`}
                onClick={() =>
                  onChange({
                    modelFolders: settings.modelFolders.filter((candidate) => candidate !== folder),
                  })
                }
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <form
        className={classes.add}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextInput
          label="Another folder"
          placeholder="/models"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={path.trim() === ''}>
          Add
        </Button>
      </form>
    </div>
  );
};
