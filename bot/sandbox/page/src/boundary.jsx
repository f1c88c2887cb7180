/* A fault while drawing one message must not blank the page. */

import { Component } from "react";

/** Shows `fallback` once drawing has thrown, until `retryOn` is another object. */
export class Boundary extends Component {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  componentDidUpdate(before) {
    if (this.state.broken && before.retryOn !== this.props.retryOn) {
      this.setState({ broken: false });
    }
  }

  render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
