// The last of the files put together: hands the views to the component that mounts them, see view_mount.js.
globalThis.digitPlaygroundViews = {
  make: (kind, root, send) => {
    if (!root.querySelector("style")) root.append(make("style", {}, CSS));
    return VIEWS[kind](root, send);
  },
};

export default function () {}
