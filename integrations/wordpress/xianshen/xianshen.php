<?php
/**
 * Plugin Name: 先审
 * Description: 先审后发：没有经过审查、或者与审查通过的不一致的内容，从哪条路都发布不了。
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * License: Apache-2.0
 * Text Domain: xianshen
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/settings-page.php';
require __DIR__ . '/includes/gate.php';
require __DIR__ . '/includes/media.php';
require __DIR__ . '/includes/offer.php';
require __DIR__ . '/includes/records.php';
require __DIR__ . '/includes/decision.php';
require __DIR__ . '/includes/proposals.php';
require __DIR__ . '/includes/publishing.php';
require __DIR__ . '/includes/details.php';
require __DIR__ . '/includes/messages.php';
require __DIR__ . '/includes/guard.php';
require __DIR__ . '/includes/files.php';
require __DIR__ . '/includes/submitting.php';
require __DIR__ . '/includes/editor-api.php';
require __DIR__ . '/includes/webhook.php';
require __DIR__ . '/includes/upkeep.php';
require __DIR__ . '/includes/editor.php';

register_activation_hook( __FILE__, __NAMESPACE__ . '\\on_activation' );
register_deactivation_hook( __FILE__, __NAMESPACE__ . '\\on_deactivation' );

hook_settings_page();
hook_publishing();
hook_details();
hook_messages();
hook_guard();
hook_files();
hook_editor_api();
hook_webhook();
hook_upkeep();
hook_editor();
