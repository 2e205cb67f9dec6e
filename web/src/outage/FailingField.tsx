import { useCombobox } from "downshift";
import { useState } from "react";
import { useQuery } from "urql";
import { Icon } from "../shared/Icon";
import { type Failing, keyOf, moreOptions, options } from "./model";
import { OPTIONS } from "./queries";

const OFFERED = 20;

interface FailingFieldProps {
  readonly portfolio: string;
  readonly chosen: readonly Failing[];
  readonly onChange: (failing: Failing, fails: boolean) => void;
}

/** Chooses what fails: providers, services, agreements, regions and zones, several at once, found by typing. */
export function FailingField({ portfolio, chosen, onChange }: FailingFieldProps) {
  const [text, setText] = useState("");
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [{ data, fetching, error, operation }] = useQuery({
    query: OPTIONS,
    variables: { portfolio, search: text, first: OFFERED },
  });
  const answered = fetching ? "" : (operation?.variables.search ?? "");
  const offered = data ? options(data, { text, answered, taken: chosen }) : [];
  const more = data && answered === text ? moreOptions(data) : null;

  const box = useCombobox<Failing>({
    items: [...offered],
    selectedItem: null,
    itemToString: (item) => item?.name ?? "",
    itemToKey: (item) => item && keyOf(item),
    // By what it is, not by its place: what is offered may change between two keys.
    highlightedIndex: offered.findIndex((item) => keyOf(item) === highlighted),
    onHighlightedIndexChange: ({ highlightedIndex }) => {
      const item = offered[highlightedIndex];
      setHighlighted(item ? keyOf(item) : null);
    },
    onInputValueChange: ({ inputValue }) => setText(inputValue.trim()),
    stateReducer: (_, { type, changes }) =>
      type === useCombobox.stateChangeTypes.InputKeyDownEnter ||
      type === useCombobox.stateChangeTypes.ItemClick
        ? { ...changes, inputValue: "" }
        : changes,
    onSelectedItemChange: ({ selectedItem }) => selectedItem && onChange(selectedItem, true),
  });

  return (
    <div className="failing">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the properties say which */}
      <label {...box.getLabelProps()}>What fails?</label>
      {chosen.length > 0 && (
        <ul className="chosen" aria-label="What fails">
          {chosen.map((failing) => (
            <li key={keyOf(failing)}>
              <span className="quiet">{failing.kind}</span> {failing.name}
              <button
                type="button"
                aria-label={`Remove ${failing.kind} ${failing.name}`}
                onClick={() => onChange(failing, false)}
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="combobox">
        <input
          {...box.getInputProps()}
          type="text"
          placeholder="Type a provider, service, region, zone or agreement"
        />
        <div className="popup" hidden={!box.isOpen}>
          <ul {...box.getMenuProps({ "aria-label": "What can fail" })}>
            {box.isOpen &&
              offered.map((item, index) => (
                <li
                  key={keyOf(item)}
                  {...box.getItemProps({ item, index })}
                  data-highlighted={box.highlightedIndex === index || undefined}
                >
                  <span className="kind">{item.kind}</span>
                  <span>
                    {item.name}
                    {item.name !== item.id && <span className="id quiet"> {item.id}</span>}
                  </span>
                  <span className="quiet">{item.about}</span>
                </li>
              ))}
          </ul>
          {box.isOpen && (
            <p className="quiet" role="status">
              {error && "The server does not answer. "}
              {!error && fetching && offered.length === 0 && "Searching"}
              {!error && !fetching && offered.length === 0 && "Nothing has this in its name or id"}
              {more && `${more}: type on to find them`}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
