/**
 * A filter that is sent once its writer pauses. What is typed is held here: the router takes a new address later, and a field
 * that showed the address would lose letters and move the caret meanwhile.
 */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { TextField } from "../ui/TextField.tsx";

interface TypedFilterProps {
  label: string;
  placeholder: string;
  text: string;
  onChange: (text: string) => void;
  maxLength?: number;
}

export function TypedFilter({ label, placeholder, text, onChange, maxLength }: TypedFilterProps) {
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  useEffect(() => {
    // changed from outside, by Back or a link: shown, not fought
    if (text !== sent.current) setTyped(text);
    sent.current = text;
  }, [text]);
  const send = useEffectEvent(onChange);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      send(sent.current);
    }, 300);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      value={typed}
      onChange={setTyped}
      maxLength={maxLength}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
