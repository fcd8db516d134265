import { Kbd, Modal } from '@mantine/core';
import { useId, useState, type KeyboardEvent } from 'react';
import { searchCommands, type Command } from '../actions/command.ts';
import { useCommands } from '../actions/use-commands.ts';
import classes from './command-palette.module.css';

/** More than anyone reads; typing narrows it. */
const SHOWN = 60;

/** Every action by its name. Arrows choose, Enter runs, Escape closes. */
export const CommandPalette = ({ onClose }: { readonly onClose: () => void }) => {
  const commands = useCommands();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = searchCommands(commands, query).slice(0, SHOWN);
  const current = Math.min(chosen, found.length - 1);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };

  const move = (step: number, list: HTMLElement | null): void => {
    const next = (current + step + found.length) % Math.max(1, found.length);
    setChosen(next);
    list?.children.item(next)?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const list = event.currentTarget.ownerDocument.getElementById(listId);
    if (event.key === 'ArrowDown') move(1, list);
    else if (event.key === 'ArrowUp') move(-1, list);
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal.Root opened onClose={onClose} size="lg" transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label="All actions">
        <input
          className={classes.search}
          role="combobox"
          aria-label="Search actions"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length === 0 ? undefined : `${listId}-${current}`}
          placeholder="What do you want to do?"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={listId} className={classes.list} role="listbox" aria-label="Actions">
          {found.map((command, index) => (
            <li
              key={command.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === current}
              className={classes.option}
              onPointerMove={() => setChosen(index)}
              onClick={() => run(command)}
            >
              <span className={classes.section}>{command.section}</span>
              <span className={classes.title}>{command.title}</span>
              {command.shortcut === undefined ? null : <Kbd size="xs">{command.shortcut}</Kbd>}
            </li>
          ))}
        </ul>
        {found.length === 0 ? <p className={classes.none}>No action has these words in its name.</p> : null}
      </Modal.Content>
    </Modal.Root>
  );
};
