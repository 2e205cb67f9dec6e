import { useEffect } from "react";

interface StyleProps {
  readonly styles: string;
}

/**
 * Stands for the package react-style-singleton, with which GraphiQL's dialogs keep the page from scrolling: the server's
 * Content-Security-Policy lets none of its <style> elements in, but a style sheet made by a script.
 */
export function styleSingleton() {
  const sheet = new CSSStyleSheet();
  let users = 0;
  // biome-ignore lint/correctness/noComponentHookFactories: called once a module, as the package's is
  return function Style({ styles }: StyleProps) {
    useEffect(() => {
      users += 1;
      sheet.replaceSync(styles);
      if (users === 1) document.adoptedStyleSheets.push(sheet);
      return () => {
        users -= 1;
        if (users > 0) return;
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      };
    }, [styles]);
    return null;
  };
}
