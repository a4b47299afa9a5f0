<?php
/**
 * Forgets everything that the plugin kept; the posts themselves stay as they are.
 *
 * @package Xianshen
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

delete_option( 'xianshen_settings' );
delete_option( 'xianshen_cursor' );
delete_option( 'xianshen_baseline' );
foreach ( array( 'items', 'state', 'record', 'file', 'proposal', 'report', 'refusal' ) as $xianshen_name ) {
	delete_post_meta_by_key( '_xianshen_' . $xianshen_name );
}
global $wpdb;
$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( 'xianshen_seen_' ) . '%' ) ); // phpcs:ignore WordPress.DB -- no function deletes so
