// What the upload page needs of the browser: its file dialog knows that pictures are wanted, a phone's camera is one
// press away, what is pasted anywhere is uploaded, and what there is to check is announced.
const FILES = ".st-key-upload-files input[type=file]";
const PHOTO = ".st-key-upload-photo button";
const LIVE = ".st-key-upload-count";

let frame = null; // the latest call's arguments
let pasted = 0;

const prepare = () => {
  const input = document.querySelector(FILES);
  if (input && input.accept !== frame.data.accept) input.accept = frame.data.accept;
  document.querySelector(LIVE)?.setAttribute("aria-live", "polite");
};

const hand = (files) => {
  const input = document.querySelector(FILES);
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

const onPaste = (event) => {
  const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!pictures.length || !document.querySelector(FILES)) return;
  event.preventDefault();
  event.stopPropagation(); // the uploader itself would take it once more where it has the focus
  hand(
    pictures.map((picture) => {
      pasted += 1; // browsers call all of them image.png
      const ending = picture.name.includes(".") ? picture.name.split(".").pop() : "png";
      return new File([picture], `pasted ${pasted}.${ending}`, { type: picture.type });
    }),
  );
};

const onClick = (event) => {
  const input = document.querySelector(FILES);
  if (!event.target.closest?.(PHOTO) || !input) return;
  event.stopPropagation(); // nothing for the server to do
  input.setAttribute("capture", "environment");
  input.click();
  input.removeAttribute("capture");
};

const release = () => {
  frame?.watcher.disconnect();
  document.removeEventListener("paste", onPaste, { capture: true });
  document.removeEventListener("click", onClick, { capture: true });
  frame = null;
};

export default function ({ data }) {
  const isFirst = frame === null;
  frame = { watcher: new MutationObserver(prepare), ...frame, data };
  prepare();
  if (isFirst) {
    frame.watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("paste", onPaste, { capture: true });
    document.addEventListener("click", onClick, { capture: true });
  }
  return release;
}
